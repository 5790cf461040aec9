//! The classes of errors: what kind of answer it is and therefore what the caller may do next.
//!
//! How a class travels (payload, `errors[]`, exit code) is decided by gateway and command line.

use crate::codes::OWN_CLASSIFICATION;
use crate::codes::code_enum::code_enum;

code_enum! {
    /// What kind of answer an error is.
    pub enum ErrorClass: "ERROR_CLASS", "错误类别", "Class of error", OWN_CLASSIFICATION, None;
    /// The request cannot be read; the same request will always fail.
    Malformed = "MALFORMED", "请求格式错误", "Malformed request";
    /// The request was understood and decided against.
    Refused = "REFUSED", "不予办理", "Refused";
    /// The caller is not known or may not do this.
    Authority = "AUTHORITY", "无权限", "Missing authority";
    /// Something changed in between; read again and decide anew.
    Conflict = "CONFLICT", "冲突", "Conflict";
    /// The registry failed; the reference in the reply finds the log.
    Fault = "FAULT", "系统故障", "Fault";
    /// The registry is full for now; the same request may be sent again.
    Busy = "BUSY", "繁忙", "Busy";
}
