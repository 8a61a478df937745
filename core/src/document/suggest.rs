//! Did you mean …: the name that a wrong name was probably meant to be.
