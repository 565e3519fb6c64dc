//! The console: the supervisor's desk.

fn main() {
    xunhe_app::console();
}
