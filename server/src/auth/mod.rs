//! Who calls: passwords, sessions and how often one may try.

mod class;
mod password;
mod throttle;
mod token;

pub use class::SessionClass;
pub use password::{HashFailed, Passwords, hash_password};
pub use throttle::Throttle;
pub use token::{Token, TokenHash};
