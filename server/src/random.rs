//! Randomness of the operating system: ids, tokens and keys.

/// `N` bytes that nobody can guess.
///
/// # Panics
/// If the system has no randomness: without it no token or key is safe, and nothing may go on.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut raw = [0; N];
    if let Err(error) = getrandom::fill(&mut raw) {
        panic!("the operating system gives no randomness: {error}");
    }
    raw
}
