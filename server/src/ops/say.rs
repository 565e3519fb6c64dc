use serde::Serialize;

/// The language in which a command speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// Something to be said to people, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Said {
    /// In one of them.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Says one thing twice; both texts take what stands in braces from where they are written.
macro_rules! said {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::ops::Said {
            zh: format_args!($zh).to_string(),
            en: format_args!($en).to_string(),
        }
    };
}
pub(crate) use said;
