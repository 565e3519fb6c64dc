//! `xunhe doctor`: what an operator asks when something is wrong. Every line says how it is, and
//! a line that is not well says what to do. Changes nothing.

mod content;
mod line;
mod machine;
mod setup;

use super::data::Data;
use super::terminal::Terminal;
use super::trouble::Trouble;
use super::{Common, Exit, said};
use line::{Line, State};

/// 体检
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Trouble> {
    let mut lines = Vec::new();
    let settings = setup::settings(&args.common, &mut lines)?;
    match Data::open(&settings.data) {
        Ok(data) => {
            machine::look(&data, &mut lines);
            setup::rights(&data, &mut lines);
            setup::last_backup(&data, &mut lines);
            match data.audit().await {
                Ok(mut audit) => content::look(&mut audit, &mut lines).await?,
                Err(error) => {
                    let trouble = Trouble::from(error);
                    lines.push(Line::bad("database", trouble.said, no_more()));
                }
            }
        }
        Err(trouble) => lines.push(Line::bad("data", trouble.said, no_more())),
    }
    let worst = lines.iter().map(|l| l.state).max().unwrap_or(State::Ok);
    if args.json {
        let all = serde_json::json!({ "state": worst, "lines": lines });
        terminal.print(&all.to_string());
    } else {
        for line in &lines {
            line.print(terminal);
        }
    }
    Ok(if worst == State::Bad {
        Exit::Found
    } else {
        Exit::Fine
    })
}

fn no_more() -> super::Said {
    said!(
        "先解决这一条，再体检一次。",
        "see to this first, then look again."
    )
}
