//! Which addresses are taken.

use super::{Targets, read_address};

#[test]
fn only_public_addresses_over_tls_are_taken() {
    for good in ["https://hooks.example.com/yulin", "https://8.8.8.8:8443/a?b=c", "https://[2606:4700::1111]/x"] {
        assert!(read_address(good, Targets::Public).is_ok(), "{good}");
    }
    for bad in [
        "http://hooks.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com/#part",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "hooks.example.com",
        "",
    ] {
        assert!(read_address(bad, Targets::Public).is_err(), "{bad}");
    }
}

#[test]
fn this_machine_is_taken_without_tls_where_it_is_allowed_and_no_other_private_address_is() {
    for good in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/", "https://localhost/"] {
        assert!(read_address(good, Targets::LoopbackToo).is_ok(), "{good}");
    }
    for bad in ["http://10.0.0.1/", "https://192.168.0.1/", "http://hooks.example.com/"] {
        assert!(read_address(bad, Targets::LoopbackToo).is_err(), "{bad}");
    }
}
