//! The phone: what a river chief or inspector carries along the bank.

fn main() {
    xunhe_app::phone();
}
