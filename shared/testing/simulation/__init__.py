"""A seeded simulation of the worker runtime: the real one, in a world that treats it badly.

A *schedule* is all that one seed decides: a toy pipeline with its work, how many processes serve each queue, and what
an adversary does to them in a storm of some minutes of fake time. Then the world is kind, the work must come to its
end, and ``checks`` says whether every promise was kept.

    python -m shared.testing.simulation --schedules 100000 --from 1     # the long mode
    python -m shared.testing.simulation --seed 12345 --verbose         # one schedule, with all that happens

| file | holds |
|---|---|
| loop, time | an event loop whose time jumps to the next timer; the clocks on it |
| process | a process that can be killed at any await, frozen, drained |
| wire | every call of a process to its surroundings: slow, failing, its answer lost, its batch refused in part |
| hazards, storm | what goes wrong how often; who is killed, frozen or drained when |
| scene, toy | the work to do, and the toy workers that do it |
| ledger | what truly happened, seen at the table and in the handlers |
| world, store, log | what stays while processes come and go, and how it is told |
| redrive, schedule, checks | a person's remedy; one schedule from its start to its end; the promises |
"""
