//! The proof that nothing recorded is lost: what each gate does every time; `cargo xtask deep`
//! does more of the same, for hours. Figures in docs/reliability.md.

#![allow(
    clippy::unwrap_used,
    reason = "a proof that meets the unexpected fails loudly"
)]

mod crash;
mod proxy;
mod sim;
