//! Whether what stands in an element is seen, by what its styles say of it: hidden, without size, off the page, or of the
//! colour of its ground.
//!
//! In doubt it is not: nothing is lost but that a line of it is a command.

/// How much lighter or darker a colour may be and still be the same to a reader.
const NEAR: u8 = 31;
/// Names of light colours, and the common others.
const NAMED: &[(&str, [u8; 3])] = &[
    ("white", [255, 255, 255]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("whitesmoke", [245, 245, 245]),
    ("ghostwhite", [248, 248, 255]),
    ("floralwhite", [255, 250, 240]),
    ("mintcream", [245, 255, 250]),
    ("azure", [240, 255, 255]),
    ("aliceblue", [240, 248, 255]),
    ("seashell", [255, 245, 238]),
    ("honeydew", [240, 255, 240]),
    ("lavenderblush", [255, 240, 245]),
    ("oldlace", [253, 245, 230]),
    ("linen", [250, 240, 230]),
    ("window", [255, 255, 255]),
    ("canvas", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("windowtext", [0, 0, 0]),
    ("canvastext", [0, 0, 0]),
    ("red", [255, 0, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("navy", [0, 0, 128]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("yellow", [255, 255, 0]),
];
/// Values that leave a colour as it is.
const KEPT: &[&str] = &["inherit", "none", "initial", "unset", "revert", "currentcolor", ""];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub hidden: bool,
    ink: Colour,
    ground: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    Known([u8; 3]),
    Clear,
    /// By the beginning of its name.
    Other([u8; 16]),
}

impl Default for Sight {
    fn default() -> Self {
        Self { hidden: false, ink: Colour::Known([0; 3]), ground: Colour::Known([255; 3]) }
    }
}

impl Sight {
    pub fn is_unseen(&self) -> bool {
        self.hidden || self.ink == Colour::Clear || self.ink.is_near(self.ground)
    }

    /// Goes by one declaration, in lower case.
    pub fn declare(&mut self, name: &str, value: &str) {
        let value = value.split('!').next().unwrap_or_default().trim();
        match name {
            "color" | "-webkit-text-fill-color" if !KEPT.contains(&value) => self.ink = Colour::read(value),
            "background" | "background-color" => self.paint(value),
            _ => self.hidden |= hides(name, value),
        }
    }

    /// What `background` says may be several words, of which one is a colour.
    fn paint(&mut self, value: &str) {
        let known = value.split(' ').map(Colour::read).find(|one| matches!(one, Colour::Known(_)));
        match known {
            Some(colour) => self.ground = colour,
            None if KEPT.contains(&value) || Colour::read(value) == Colour::Clear => {}
            None => self.ground = Colour::Other([0; 16]),
        }
    }
}

impl Colour {
    fn is_near(self, other: Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(two)) => one.iter().zip(two).all(|(a, b)| a.abs_diff(b) <= NEAR),
            _ => self == other,
        }
    }

    fn read(value: &str) -> Self {
        if let Some((_, known)) = NAMED.iter().find(|(name, _)| *name == value) {
            return Self::Known(*known);
        }
        if value == "transparent" {
            return Self::Clear;
        }
        let found = if value.contains('(') { function(value) } else { hex(value.trim_start_matches('#')) };
        found.unwrap_or_else(|| {
            let mut name = [0; 16];
            name.iter_mut().zip(value.bytes()).for_each(|(to, from)| *to = from);
            Self::Other(name)
        })
    }
}

fn hex(digits: &str) -> Option<Colour> {
    let digits: Vec<u8> = digits.chars().filter_map(|c| c.to_digit(16)?.try_into().ok()).collect();
    let one =
        |at: usize| if digits.len() > 4 { 16 * digits[2 * at] + digits[2 * at + 1] } else { 17 * digits[at] };
    match digits.len() {
        4 | 8 if one(3) < 13 => Some(Colour::Clear),
        3 | 4 | 6 | 8 => Some(Colour::Known([one(0), one(1), one(2)])),
        _ => None,
    }
}

/// `rgb(…)`, `rgba(…)` and the lightness of `hsl(…)`.
fn function(value: &str) -> Option<Colour> {
    let (name, rest) = value.split_once('(')?;
    let parts: Vec<&str> = rest.split([',', ' ', '/', ')']).filter(|part| !part.is_empty()).collect();
    let number = |at: usize, whole: f64| {
        let text = parts.get(at)?;
        let (digits, scale) = text.strip_suffix('%').map_or((*text, 1.0), |text| (text, whole / 100.0));
        digits.parse::<f64>().ok().map(|number| number * scale)
    };
    if number(3, 1.0).is_some_and(|alpha| alpha < 0.05) {
        return Some(Colour::Clear);
    }
    if name.starts_with("rgb") {
        let one = |at| number(at, 255.0).map(byte);
        return Some(Colour::Known([one(0)?, one(1)?, one(2)?]));
    }
    let light = number(2, 255.0).filter(|_| name.starts_with("hsl"))?;
    (!(18.0..237.0).contains(&light)).then(|| Colour::Known([byte(light); 3]))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is held within a byte")]
fn byte(number: f64) -> u8 {
    number.clamp(0.0, 255.0) as u8
}

/// Whether a declaration alone keeps what it is about from being seen.
fn hides(name: &str, value: &str) -> bool {
    let words = || value.split([' ', ',', '(', ')', '/', '=']).filter(|word| !word.is_empty());
    match name {
        "display" => value == "none",
        "visibility" | "content-visibility" => matches!(value, "hidden" | "collapse"),
        "mso-hide" => value == "all",
        "opacity" | "font-size" | "max-height" | "max-width" | "height" | "width" | "line-height"
        | "zoom" => is_nothing(words().find(|word| *word != "calc").unwrap_or_default()),
        "font" => {
            words().any(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.') && is_nothing(word))
        }
        "text-indent" | "left" | "right" | "top" | "bottom" | "margin" | "margin-left" | "margin-right"
        | "margin-top" | "margin-bottom" | "translate" => words().any(is_far),
        "letter-spacing" | "word-spacing" => value.starts_with('-') && !value.starts_with("-0"),
        "transform" | "scale" => {
            let shrinks = value.contains("scale") || name == "scale" || value.contains("matrix");
            words().any(is_far) || shrinks && words().any(is_nothing) || value.contains("(90deg")
        }
        "clip" => value.starts_with("rect"),
        "clip-path" => value != "none",
        "filter" => {
            words().zip(words().skip(1)).any(|(what, how)| what.contains("opacity") && is_nothing(how))
        }
        "z-index" => value.starts_with('-'),
        _ => false,
    }
}

fn parted(value: &str) -> (f64, &str) {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    (value[..end].parse().unwrap_or(f64::MAX), &value[end..])
}

/// Zero, or so little that nobody reads it.
fn is_nothing(value: &str) -> bool {
    let (number, unit) = parted(value);
    number < if matches!(unit, "px" | "pt") { 2.0 } else { 0.05 }
}

/// Outside of every window.
fn is_far(value: &str) -> bool {
    let (number, unit) = parted(value.trim_start_matches('-'));
    let most = match unit {
        "em" | "rem" | "in" | "cm" | "%" | "vw" | "vh" => 50.0,
        _ => 100.0,
    };
    // To the right and below there is more room.
    let most = if value.starts_with('-') { most } else { 20.0 * most };
    number < f64::MAX && number >= most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unseen(style: &str) -> bool {
        let mut sight = Sight::default();
        for (name, value) in style.split(';').filter_map(|one| one.split_once(':')) {
            sight.declare(name, value);
        }
        sight.is_unseen()
    }

    #[test]
    fn each_way_not_to_be_seen_is_known() {
        for style in [
            "display:none",
            "display: none !important",
            "visibility:hidden",
            "font-size:0",
            "font-size:.01em",
            "font:0/0 a",
            "font:1px arial",
            "opacity:0.01",
            "width:calc(0px)",
            "color:#fff",
            "color:#fffe",
            "color:#ffffff00",
            "color:#12345600",
            "color:rgb(250, 250, 250)",
            "color:rgb(98% 98% 98%)",
            "color:rgba(0,0,0,0)",
            "color:hsl(0, 0%, 100%)",
            "color:transparent",
            "-webkit-text-fill-color:white",
            "background:#111;color:#000",
            "background-color:teal;color:black;background:url(x) #010101",
            "color:rgb(1,2,3);background:rgb(3,2,1)",
            "left:-9999px",
            "text-indent:-50em",
            "margin:0 0 0 -5000px",
            "left:9999px",
            "transform:translate(-9999px, 0)",
            "transform:scale(0)",
            "clip:rect(0 0 0 0)",
            "clip-path:inset(100%)",
            "filter:opacity(0)",
            "filter:alpha(opacity=0)",
            "letter-spacing:-1em",
            "z-index:-1",
        ] {
            assert!(unseen(style), "{style}");
        }
    }

    #[test]
    fn what_agents_programs_write_is_seen() {
        for style in [
            "color:windowtext",
            "color:#1f497d",
            "color:inherit",
            "background:white;color:black",
            "background:#000;color:#fff",
            "background:url(x);color:#fff",
            "font:400 12px/1.5 arial",
            "font-size:11.0pt;font-family:calibri",
            "margin:0cm;margin-left:-5.4pt;text-indent:-18.0pt",
            "margin:0px 0px 0px 0.8ex",
            "line-height:1.2;letter-spacing:-0.2px",
            "width:100%;max-width:600px",
            "background:transparent",
            "transform:scale(1)",
            "z-index:5;clip-path:none",
        ] {
            assert!(!unseen(style), "{style}");
        }
    }
}
