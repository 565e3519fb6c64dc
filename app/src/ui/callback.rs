use std::rc::Rc;

/// Something to do when a person touches something. One type for all of them: a component that
/// were generic over its closures would be compiled, and sent, once for each.
#[derive(Clone)]
pub struct LocalCallback(Rc<dyn Fn()>);

impl LocalCallback {
    /// Does it.
    pub fn run(&self) {
        (self.0)();
    }
}

impl<F: Fn() + 'static> From<F> for LocalCallback {
    fn from(act: F) -> Self {
        Self(Rc::new(act))
    }
}
