//! The program; everything it does is in the library.

/// Exact arithmetic lives on small allocations, on several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    proofread::cli::run()
}
