"""What every test needs."""

import signal

# A shell that runs the tests in the background has them, and what they start, ignore interrupts from the keyboard.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
