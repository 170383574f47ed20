"""Click the confusion matrix, see the images behind it."""
