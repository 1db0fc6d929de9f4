"""Makes the cloud look like settings and topology say, and takes it down again."""

from shared.provision.apply import destroy, provision
from shared.provision.change import Change

__all__ = ["Change", "destroy", "provision"]
