"""A seeded simulation of the worker runtime: the real one, in a world that treats it badly.

A *schedule* is all that one seed decides: a toy pipeline with its work, how many processes serve which queues, and what
an adversary does to them in a storm of a minute or so of fake time. Then the world is kind, the work must come to its
end, a person perhaps redrives what died, and ``checks`` says whether every promise was kept.

    python -m shared.testing.simulation --schedules 100000 --from 1     # the long mode, on all cores
    python -m shared.testing.simulation --seed 12345 --verbose         # one schedule, with all that happens

Most schedules are stormy. Some are *gentle*: nothing goes wrong, but processes drain and messages repeat; what each
process is handed can then be followed to its end. Some are *slow but sound*: each call takes up to a third of the
visibility timeout each way, and no lease may be lost by that.

| file | holds |
|---|---|
| loop, time | an event loop whose time jumps to the next timer; the clocks on it |
| process, staff | a process that can be killed at any await, frozen, drained; the consumers inside of it |
| wire, wired, store | every call of a process: slow, failing, its answer lost, its batch refused in part |
| hazards, storm | what goes wrong how often; who is killed, frozen or drained when |
| scene, pipeline, toy | the work to do, the queues and who serves them, the toy workers that do it |
| ledger, witness, gauge, log | what truly happened, seen at the table, at the queues and in the processes |
| world, sweep, redrive | what stays while processes come and go; the remedies of a run and of a person |
| schedule, checks, many | one schedule from its start to its end; the promises; many schedules on all cores |
"""
