//! Nothing but its dependency, whose build runs the test suites of GMP, MPFR and MPC: the same sources and
//! the same compiler as those that the program is built with, where they would lengthen the way to a first
//! verdict by half as much again. What was tested here is then what a build finds in the user's cache.
