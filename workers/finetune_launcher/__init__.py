"""finetune-launcher: dataset → customization job → deployment → teardown."""
