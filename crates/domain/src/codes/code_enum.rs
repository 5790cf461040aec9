//! The macro that declares a code list as one table.
//!
//! Code, labels, serde name, parsing and the list's facts come from the same line, so that they cannot drift apart.

/// Declares an enum that is a code list: one line a member with its code, Chinese label and English label, and where
/// the list is a tree `in "PARENT"`. Serde, `Display` and `FromStr` all use the code.
macro_rules! code_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $id:literal, $name_zh:literal, $name_en:literal, $source:expr, $dated:expr;
        $( $(#[$variant_meta:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal $(, in $parent:literal)?; )+
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(
                #[doc = concat!($en, " (", $zh, ").")]
                $(#[$variant_meta])*
                #[serde(rename = $code)]
                $variant,
            )+
        }

        impl $crate::codes::Labelled for $name {
            const LIST: $crate::codes::ListFacts = $crate::codes::ListFacts {
                id: $id,
                name_zh: $name_zh,
                name_en: $name_en,
                source: $source,
                dated: $dated,
            };

            fn code(self) -> &'static str {
                match self {
                    $( Self::$variant => $code, )+
                }
            }

            fn label(self, lang: $crate::codes::Lang) -> &'static str {
                match self {
                    $( Self::$variant => lang.pick($zh, $en), )+
                }
            }

            fn parent_code(self) -> Option<&'static str> {
                match self {
                    $( Self::$variant => $crate::codes::code_enum::code_enum!(@parent $($parent)?), )+
                }
            }

            fn all() -> &'static [Self] {
                &[ $( Self::$variant, )+ ]
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::codes::CodeUnknown;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err($crate::codes::CodeUnknown {
                        list: $id,
                        found: $crate::codes::labelled::clipped(text),
                        allowed: &[ $( $code, )+ ],
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::codes::Labelled::code(*self))
            }
        }
    };
    (@parent) => { None };
    (@parent $parent:literal) => { Some($parent) };
}

pub(crate) use code_enum;
