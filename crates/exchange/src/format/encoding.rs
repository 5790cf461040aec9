//! The encodings of text in files: which one it is, who said so, and strict decoding.
//!
//! Nothing is replaced: bytes that do not fit the encoding are a refusal or a feature's problem, never a question mark.

use chardetng::EncodingDetector;

use super::OpenRefused;
use super::limits::PROBE_BYTES;

/// An encoding that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// GBK, read as its superset GB 18030.
    Gbk,
    /// Latin-1, read as its superset Windows-1252.
    Latin1,
}

/// The encoding chosen for a file, and what it was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetectedEncoding {
    /// The encoding the text is read in.
    pub encoding: Encoding,
    /// What decided: `caller`, `byte order mark`, `.cpg`, `.dbf language byte`, `detected`, `format`.
    pub from: &'static str,
}

impl Encoding {
    /// The name as reports print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gbk => "GBK",
            Self::Latin1 => "Latin-1",
        }
    }

    /// The encoding a label names (`UTF-8`, `cp936`, `GB2312`, `ISO-8859-1`, `ANSI 1252`…), in any case and spacing.
    pub fn from_label(label: &str) -> Option<Self> {
        let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let plain =
            ["ansi", "oem", "cp", "windows"].iter().find_map(|prefix| plain.strip_prefix(prefix)).unwrap_or(&plain);
        match plain {
            "utf8" | "65001" => Some(Self::Utf8),
            "gbk" | "gb2312" | "gb18030" | "936" | "54936" | "ms936" => Some(Self::Gbk),
            "latin1" | "iso88591" | "88591" | "l1" | "1252" | "28591" => Some(Self::Latin1),
            _ => None,
        }
    }

    /// The text, or `None` where the bytes do not fit.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<String> {
        let codec = match self {
            Self::Utf8 => return std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Gbk => encoding_rs::GB18030,
            Self::Latin1 => encoding_rs::WINDOWS_1252,
        };
        codec.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
    }
}

/// Guesses the encoding of text of which nobody said anything.
pub(crate) fn guess(text: &[u8]) -> Encoding {
    if std::str::from_utf8(text).is_ok() {
        return Encoding::Utf8;
    }
    let probe = text.get(..PROBE_BYTES.min(text.len())).unwrap_or(text);
    let mut detector = EncodingDetector::new();
    detector.feed(probe, true);
    let guessed = detector.guess(None, false);
    if guessed == encoding_rs::GBK || guessed == encoding_rs::GB18030 {
        return Encoding::Gbk;
    }
    if guessed == encoding_rs::WINDOWS_1252 {
        return Encoding::Latin1;
    }
    // Short Chinese names are often taken for another East Asian encoding: what reads wholly as Chinese characters is GBK.
    match Encoding::Gbk.decode(text) {
        Some(decoded)
            if decoded.chars().all(|c| {
                c.is_ascii() || ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
            }) =>
        {
            Encoding::Gbk
        }
        _ => Encoding::Latin1,
    }
}

/// Decodes a whole text file: by the caller's word, by its byte order mark, else by what it looks like.
pub(crate) fn decode_file(bytes: Vec<u8>, named: Option<Encoding>) -> Result<(String, DetectedEncoding), OpenRefused> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(OpenRefused::EncodingUnsupported { label: "UTF-16".to_owned() });
    }
    let (bytes, marked) = without_mark(bytes);
    let chosen = match (named, marked) {
        (Some(encoding), _) => DetectedEncoding { encoding, from: "caller" },
        (None, true) => DetectedEncoding { encoding: Encoding::Utf8, from: "byte order mark" },
        (None, false) => DetectedEncoding { encoding: guess(&bytes), from: "detected" },
    };
    if chosen.encoding == Encoding::Utf8 {
        return match String::from_utf8(bytes) {
            Ok(text) => Ok((text, chosen)),
            Err(error) => {
                Err(OpenRefused::EncodingInvalid { encoding: "UTF-8", offset: error.utf8_error().valid_up_to() })
            }
        };
    }
    match chosen.encoding.decode(&bytes) {
        Some(text) => Ok((text, chosen)),
        None => Err(OpenRefused::EncodingInvalid { encoding: chosen.encoding.name(), offset: first_invalid(&bytes) }),
    }
}

fn without_mark(mut bytes: Vec<u8>) -> (Vec<u8>, bool) {
    let marked = bytes.starts_with(&[0xef, 0xbb, 0xbf]);
    if marked {
        bytes.drain(..3);
    }
    (bytes, marked)
}

/// The place of the first byte that GB 18030 cannot read; the other encodings have reported theirs.
fn first_invalid(bytes: &[u8]) -> usize {
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let mut sink = String::with_capacity(bytes.len().saturating_mul(2));
    let (_, read) = decoder.decode_to_string_without_replacement(bytes, &mut sink, true);
    read.saturating_sub(1)
}
