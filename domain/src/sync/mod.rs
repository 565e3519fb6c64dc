//! The sync engine, sans IO: it is told what happened and says what to do next.
