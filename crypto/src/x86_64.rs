//! The instruction sets of x86-64: what proves that this machine has them, and their vectors under common names.
//!
//! A kernel is written once, as a macro over the vector, and [`for_each_width`] makes it for every width. The macro
//! is the place where a width, its token and its instructions are tied together.

pub(crate) mod hash;
pub(crate) mod schedule;
pub(crate) mod xmm;
pub(crate) mod ymm;
pub(crate) mod zmm;

/// The constants of the key schedule of AES-128, FIPS-197.
pub(crate) const ROUND_CONSTANTS: [u32; 10] = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36];

macro_rules! detect {
    ($($feature:tt)*) => { $(std::arch::is_x86_feature_detected!($feature))&&* };
}

/// Proof that the CPU and the operating system support AES-NI, PCLMULQDQ and AVX,
/// whose encoding of 128-bit instructions with three operands saves the kernels many copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AesNi(());

impl AesNi {
    pub(crate) fn detect() -> Option<Self> {
        detect!("aes" "pclmulqdq" "avx").then_some(AesNi(()))
    }
}

/// Proof that the CPU and the operating system support AVX2 with VAES and VPCLMULQDQ, and all of [`AesNi`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vaes256(AesNi);

impl Vaes256 {
    pub(crate) fn detect() -> Option<Self> {
        let narrow = AesNi::detect()?;
        detect!("avx2" "vaes" "vpclmulqdq").then_some(Vaes256(narrow))
    }
}

/// Proof that the CPU and the operating system support AVX-512 (F, BW, DQ, VL) with VAES, VPCLMULQDQ and GFNI, and all of
/// [`Vaes256`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vaes512(Vaes256);

impl Vaes512 {
    pub(crate) fn detect() -> Option<Self> {
        let narrow = Vaes256::detect()?;
        detect!("avx512f" "avx512bw" "avx512dq" "avx512vl" "gfni").then_some(Vaes512(narrow))
    }
}

/// The narrowest kernels, for what does not depend on the width. A wider instruction set has all of a narrower one.
impl From<Vaes256> for AesNi {
    fn from(wide: Vaes256) -> AesNi {
        wide.0
    }
}

impl From<Vaes512> for AesNi {
    fn from(wide: Vaes512) -> AesNi {
        wide.0.into()
    }
}

/// [`for_each_width`] for kernels that are written differently for the widest vectors.
macro_rules! for_narrow_widths {
    ($kernel:ident) => {
        $kernel! { aes_ni, xmm, AesNi, "aes,pclmulqdq,avx" }
        $kernel! { vaes256, ymm, Vaes256, "aes,pclmulqdq,avx2,vaes,vpclmulqdq" }
    };
}
pub(crate) use for_narrow_widths;

/// Expands a macro of the shape `kernel!(module, vector, token, features)` for every width. The features are those
/// that the token's `detect` asks for.
macro_rules! for_each_width {
    ($kernel:ident) => {
        crate::x86_64::for_narrow_widths! { $kernel }
        $kernel! {
            vaes512, zmm, Vaes512,
            "aes,pclmulqdq,avx2,vaes,vpclmulqdq,avx512f,avx512bw,avx512dq,avx512vl"
        }
    };
}
pub(crate) use for_each_width;

/// Wraps intrinsics whose arguments are all vectors.
macro_rules! vector_operations {
    ($vector:ty, $features:tt, $($(#[$doc:meta])* $name:ident($($argument:ident),*) = $intrinsic:ident;)*) => {
        $(
            $(#[$doc])*
            #[inline]
            #[target_feature(enable = $features)]
            pub(crate) fn $name($($argument: $vector),*) -> $vector {
                std::arch::x86_64::$intrinsic($($argument),*)
            }
        )*
    };
}
use vector_operations;
