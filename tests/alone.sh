#!/bin/sh
# alone.sh COMMAND...: runs a test in an IPC namespace of its own, where that is allowed (root, outside of
# most containers). Every System V object there is the test's, so one that is left at its end is a
# failure, and no other test meets it.
if [ "${VITRINE_TEST_ALONE-}" != yes ]; then
	unshare --ipc true 2>/dev/null || exec "$@"
	VITRINE_TEST_ALONE=yes exec unshare --ipc "$0" "$@"
fi
unset VITRINE_TEST_ALONE
"$@"
status=$?

# Processes that the test has killed may be ending still: wait up to 10 s.
left=all
for _ in $(seq 100); do
	left=$(tail -q -n +2 /proc/sysvipc/sem /proc/sysvipc/shm /proc/sysvipc/msg)
	[ -n "$left" ] || exit $status
	sleep 0.1
done
echo "System V objects are left behind:" >&2
head /proc/sysvipc/sem /proc/sysvipc/shm /proc/sysvipc/msg >&2
exit 1
