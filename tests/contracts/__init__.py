"""What every implementation of a port must do: the unit tests ask the fakes, the integration tests the clouds."""
