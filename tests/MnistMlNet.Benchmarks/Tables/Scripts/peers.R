# R's nnet on the folds beside each table.
#
# Rscript peers.R --version                                  prints what the results depend on
# Rscript peers.R DATA-FOLDER OUTPUT-FOLDER DECAY SIZE TABLE…  writes OUTPUT-FOLDER/TABLE.csv: repetition, row, probability of each class
#
# nnet has no default for its number of hidden units, nor is there one that its users agree on. Missing values become the mean of the
# training fold, then features get mean 0 and deviation 1 by the training fold. The seed is the repetition's number.

library(nnet)
arguments <- commandArgs(TRUE)
if (arguments[1] == "--version") {
  cat("nnet", as.character(packageVersion("nnet")), "R", as.character(getRversion()), "\n")
  quit()
}
data <- arguments[1]
output <- arguments[2]
decay <- as.numeric(arguments[3])
size <- as.integer(arguments[4])
for (table in arguments[-(1:4)]) {
  values <- as.matrix(read.csv(file.path(data, paste0(table, ".csv")), check.names = FALSE))
  folds <- read.csv(file.path(data, paste0(table, ".folds.csv")))
  x <- values[, -ncol(values), drop = FALSE]
  y <- values[, ncol(values)]
  classes <- sort(unique(y))
  part <- file.path(output, paste0(table, ".csv.part"))
  file <- file(part, "w")
  for (repetition in seq_len(ncol(folds))) {
    set.seed(repetition)
    for (fold in sort(unique(folds[, repetition]))) {
      test <- folds[, repetition] == fold
      mean <- colMeans(x[!test, , drop = FALSE], na.rm = TRUE)
      mean[is.nan(mean)] <- 0
      filled <- x
      for (column in which(colSums(is.na(x)) > 0)) filled[is.na(x[, column]), column] <- mean[column]
      centred <- sweep(filled, 2, mean)
      deviation <- sqrt(colMeans(centred[!test, , drop = FALSE]^2))
      scaled <- sweep(centred, 2, ifelse(deviation > 0, deviation, 1), "/")
      # As the formula interface does it: one logistic output for two classes, softmax for more.
      if (length(classes) == 2) {
        model <- nnet(scaled[!test, , drop = FALSE], y[!test], size = size, decay = decay, entropy = TRUE, trace = FALSE, MaxNWts = 1e6)
        second <- predict(model, scaled[test, , drop = FALSE])
        p <- cbind(1 - second, second)
      } else {
        target <- class.ind(factor(y[!test], classes))
        model <- nnet(scaled[!test, , drop = FALSE], target, size = size, decay = decay, softmax = TRUE, trace = FALSE, MaxNWts = 1e6)
        p <- predict(model, scaled[test, , drop = FALSE])
      }
      lines <- apply(format(p, digits = 9, trim = TRUE), 1, paste, collapse = ",")
      writeLines(paste(repetition - 1, which(test) - 1, lines, sep = ","), file)
    }
  }
  close(file)
  file.rename(part, file.path(output, paste0(table, ".csv")))
  cat("nnet:", table, "\n")
}
