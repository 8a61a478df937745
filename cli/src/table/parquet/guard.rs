//! A panic of the library that reads Parquet is one more way for a file to be damaged.
//!
//! Pages whose contents contradict their headers make it stop short in places that only it can see. What it was doing is
//! given up with everything it held, and nothing is printed: a damaged file is no fault of this program.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `read` gives; nothing when it panics.
pub(super) fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_leaves_no_trace() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("not heard") }), None);
        assert_eq!(guarded(|| guarded(|| -> u8 { panic!("not heard") })), Some(None));
        assert!(!GUARDED.get());
    }
}
