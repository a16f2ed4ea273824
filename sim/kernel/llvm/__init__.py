"""The LLVM back end: a schedule as machine code with one lane per member."""
