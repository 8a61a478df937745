//! Memory of long columns: room that is asked for at once, and arrays that JavaScript has handed over for good.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};
use napi::bindgen_prelude::{BigInt64Array, Float64Array, Uint8Array};

/// Fewer bytes than this are not worth asking for large pages.
#[cfg(target_os = "linux")]
const LARGE: usize = 1 << 22;

/// A list with room for so many. Where there are large pages it lies in some: to be given small ones takes longer than to
/// fill them.
pub(crate) fn room<T>(count: usize) -> Vec<T> {
    let room = Vec::with_capacity(count);
    #[cfg(target_os = "linux")]
    {
        let bytes = count.saturating_mul(size_of::<T>());
        if bytes >= LARGE {
            let start = room.as_ptr() as usize;
            let first = start.next_multiple_of(4096);
            let length = start.saturating_add(bytes).saturating_sub(first);
            // SAFETY: the pages are within what was just given; the call is advice and changes nothing that is in them
            unsafe { libc::madvise(first as *mut libc::c_void, length, libc::MADV_HUGEPAGE) };
        }
    }
    room
}

/// An array of JavaScript that nobody there can reach any more, so that nobody changes or frees it while it is kept here.
pub(crate) trait Lent: Send + Sync + Sized + 'static {
    type Item: ArrowNativeType;
    fn items(&self) -> &[Self::Item];

    /// The same as memory of Arrow.
    fn into_buffer(self) -> Buffer {
        let items = self.items();
        let (bytes, start) = (size_of_val(items), NonNull::from(items).cast::<u8>());
        // SAFETY: the items stay where they are as long as the array is held, which is as long as the buffer is
        unsafe { Buffer::from_custom_allocation(start, bytes, Arc::new(AssertUnwindSafe(self))) }
    }

    /// The same as numbers of Arrow.
    fn into_scalars(self) -> ScalarBuffer<Self::Item> {
        self.into_buffer().into()
    }
}

impl Lent for Float64Array {
    type Item = f64;
    fn items(&self) -> &[f64] {
        self
    }
}

impl Lent for BigInt64Array {
    type Item = i64;
    fn items(&self) -> &[i64] {
        self
    }
}

impl Lent for Uint8Array {
    type Item = u8;
    fn items(&self) -> &[u8] {
        self
    }
}
