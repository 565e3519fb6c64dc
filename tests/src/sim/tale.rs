/// What happened, in lines that name nothing drawn outside the seed (ids and hashes of the
/// server, the time of day): two histories of one seed tell the same tale.
#[derive(Debug, Clone, Default)]
pub struct Tale {
    lines: Vec<String>,
    /// Told aloud as it happens, for whoever looks into one history.
    aloud: bool,
}

impl Tale {
    /// A tale; told aloud if `XUNHE_TALE` is set.
    pub fn new() -> Self {
        Self {
            aloud: Self::is_aloud(),
            ..Self::default()
        }
    }

    /// Whether somebody looks into one history.
    pub fn is_aloud() -> bool {
        std::env::var_os("XUNHE_TALE").is_some()
    }

    /// One more event.
    pub fn tell(&mut self, at_ms: u64, line: impl AsRef<str>) {
        let line = format!("{at_ms:>10} {}", line.as_ref());
        if self.aloud {
            eprintln!("{line}");
        }
        self.lines.push(line);
    }

    /// How many there were.
    pub const fn events(&self) -> u64 {
        self.lines.len() as u64
    }

    /// The last of them.
    pub fn last(&self, most: usize) -> Vec<String> {
        self.lines[self.lines.len().saturating_sub(most)..].to_vec()
    }

    /// All of them.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}
