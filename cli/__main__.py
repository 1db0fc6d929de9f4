"""``python -m cli``: the command without its console script, as child processes are started."""

from cli.main import main

main()
