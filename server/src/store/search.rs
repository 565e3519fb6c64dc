use domain::register::{DivisionId, PersonId, ReachId, Registers};

/// What somebody looks for, with what the registers know of it. Empty looks for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of a record's free words.
    pub text: Option<String>,
    /// A record's number as shown to people, with its shard where that was typed, too.
    pub number: Option<(Option<DivisionId>, u64)>,
    /// Persons that are called so.
    pub persons: Vec<PersonId>,
    /// Reaches that are called so.
    pub reaches: Vec<ReachId>,
    /// Problems that are called so, by their codes.
    pub problems: Vec<String>,
}

impl Search {
    /// For what a person typed: words, names, or a number such as `HEJIN-000118` or `118`.
    pub fn of(typed: &str, registers: &Registers) -> Self {
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::default();
        }
        let persons = registers.persons().filter(|p| p.name.contains(typed));
        let reaches = registers.reaches().filter(|r| r.name.contains(typed));
        let problems = registers.problems().iter();
        let problems = problems.filter(|p| p.name.contains(typed) || p.code.0 == typed);
        Self {
            number: number(typed),
            persons: persons.map(|p| p.id.clone()).collect(),
            reaches: reaches.map(|r| r.id.clone()).collect(),
            problems: problems.map(|p| p.code.0.clone()).collect(),
            text: Some(typed.to_owned()),
        }
    }

    /// The text as a pattern of `LIKE … ESCAPE '\'`.
    pub fn pattern(&self) -> Option<String> {
        let text = self.text.as_deref()?;
        let escaped = text.replace('\\', r"\\").replace('%', r"\%");
        Some(format!("%{}%", escaped.replace('_', r"\_")))
    }
}

fn number(typed: &str) -> Option<(Option<DivisionId>, u64)> {
    match typed.rsplit_once('-') {
        None => Some((None, typed.parse().ok()?)),
        Some((shard, number)) => {
            let shard = shard.to_lowercase().parse().ok()?;
            Some((Some(shard), number.parse().ok()?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_shown_and_shorter() {
        let shard: DivisionId = "hejin".parse().unwrap();
        assert_eq!(number("HEJIN-000118"), Some((Some(shard), 118)));
        assert_eq!(number("118"), Some((None, 118)));
        for typed in ["桥下", "HEJIN-", "-"] {
            assert_eq!(number(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_a_pattern_would_read_is_taken_as_it_is() {
        let search = Search {
            text: Some(r"5%_\".to_owned()),
            ..Search::default()
        };
        assert_eq!(search.pattern().unwrap(), r"%5\%\_\\%");
    }
}
