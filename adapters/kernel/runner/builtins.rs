//! What the compiler, and the `core` library, expect of a C library.

#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    for n in 0..length {
        // SAFETY: as with all of these, callers promise that there are so many bytes.
        unsafe { *to.add(n) = *from.add(n) };
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, length: usize) -> *mut u8 {
    for n in 0..length {
        // SAFETY: see above.
        unsafe { *to.add(n) = byte.to_le_bytes()[0] };
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    for n in 0..length {
        // SAFETY: see above.
        let (one, other) = unsafe { (*one.add(n), *other.add(n)) };
        if one != other {
            return i32::from(one) - i32::from(other);
        }
    }
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    // SAFETY: see above.
    unsafe { memcmp(one, other, length) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let mut length = 0;
    // SAFETY: the text ends with a NUL.
    while unsafe { *text.add(length) } != 0 {
        length += 1;
    }
    length
}

/// The `core` library is compiled for unwinding, which does not happen here: a panic ends the program.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
