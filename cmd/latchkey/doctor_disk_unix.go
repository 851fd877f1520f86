//go:build linux || darwin

package main

import "syscall"

func (realDisk) free(folder string) (bytes uint64, known bool) {
	var room syscall.Statfs_t
	if err := syscall.Statfs(folder, &room); err != nil {
		return 0, false
	}
	return room.Bavail * uint64(room.Bsize), true //nolint:gosec // a block has a size
}
