//! The operator's commands: the real binary on real folders, beside a real server.

mod backup;
mod cut_off;
mod doctor;
mod kit;
mod load;
mod purge;
mod restore;
mod stop;
mod verify;
