//! Origins as browsers say them, and none that was not named.

#![allow(clippy::unwrap_used)]

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};

use super::origins::{Origin, Origins};

#[test]
fn an_origin_is_kept_as_browsers_say_it() {
    for (given, said) in [
        ("https://front.example", "https://front.example"),
        ("https://Front.Example/", "https://front.example"),
        ("https://front.example:443", "https://front.example"),
        ("http://front.example:443", "http://front.example:443"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://[::1]:80", "http://[::1]"),
    ] {
        let origin: Origin = given.parse().unwrap();
        assert_eq!(origin.to_string(), said);
        assert!(Origins::of(vec![origin]).hold(said));
    }
    for none in [
        "",
        "*",
        "null",
        "front.example",
        "https://",
        "https://*.example",
        "https://a@front.example",
        "https://front.example/page",
        "https://front.example?a",
        "ftp://front.example",
        "https://front.example:x",
    ] {
        assert!(none.parse::<Origin>().is_err(), "{none}");
    }
}

#[test]
fn only_what_is_named_may_ask() {
    let origins = Origins::of(vec!["https://front.example".parse().unwrap()]);
    for other in ["https://front.example:8443", "http://front.example", "https://front.example.other", "null", ""] {
        assert!(!origins.hold(other), "{other}");
    }
}

#[actix_web::test]
async fn a_page_of_another_host_is_told_the_headers_that_answers_carry() {
    let origins = Origins::of(vec!["https://front.example".parse().unwrap()]);
    let app = App::new().wrap(origins.cors()).route("/", web::get().to(HttpResponse::Ok));
    let app = init_service(app).await;
    let request = TestRequest::get().uri("/").insert_header(("origin", "https://front.example")).to_request();
    let answer = call_service(&app, request).await;
    let told = answer.headers().get("access-control-expose-headers").unwrap().to_str().unwrap().to_ascii_lowercase();
    let told: Vec<_> = told.split(',').map(str::trim).collect();
    for header in ["content-crs", "etag", "retry-after", "yulin-left-out", "yulin-seq", "yulin-withheld"] {
        assert!(told.contains(&header), "{header}: {told:?}");
    }
}
