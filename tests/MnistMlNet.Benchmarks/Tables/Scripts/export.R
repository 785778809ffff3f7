# Writes the tables of R's packages as CSV: Rscript export.R FOLDER
#
# Features as they come: numbers and true/false as numbers, factors one-hot (one column for each level, and one for missing values where
# there are any), factors whose levels are 0 and 1 as numbers. A missing number is an empty field. The label comes last, as 0, 1, 2, ...
# A table of more than 6,000 rows is cut to 6,000 that are drawn with seed 1; classes of fewer than 3 rows then left are dropped.

folder <- commandArgs(TRUE)[1]
most_rows <- 6000
least_of_class <- 3

encode <- function(x) {
  columns <- list()
  for (name in names(x)) {
    v <- x[[name]]
    if (is.character(v)) v <- factor(v)
    if (is.factor(v) && all(levels(v) %in% c("0", "1")) && !anyNA(v)) v <- as.numeric(as.character(v))
    if (is.factor(v)) {
      for (level in levels(v)) columns[[paste0(name, "=", level)]] <- as.numeric(!is.na(v) & v == level)
      if (anyNA(v)) columns[[paste0(name, "=?")]] <- as.numeric(is.na(v))
    } else {
      columns[[name]] <- as.numeric(v)
    }
  }
  as.data.frame(columns, check.names = FALSE)
}

write_table <- function(name, package, make) {
  if (!requireNamespace(package, quietly = TRUE)) {
    cat("skipped", name, ": R's package", package, "isn't installed\n")
    return(invisible())
  }
  t <- make()
  keep <- !is.na(t$y)
  if (sum(keep) > most_rows) {
    set.seed(1)
    keep <- sort(sample(which(keep), most_rows))
  }
  x <- t$x[keep, , drop = FALSE]
  y <- factor(t$y[keep])
  kept <- y %in% names(which(table(y) >= least_of_class))
  x <- encode(x[kept, , drop = FALSE])
  x$label <- as.integer(factor(y[kept])) - 1L
  names(x) <- gsub('[",\n]', " ", names(x))
  write.csv(x, file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  cat("wrote", name, nrow(x), "rows", ncol(x) - 1, "features", length(unique(x$label)), "classes\n")
}

from <- function(name, package) {
  space <- new.env()
  utils::data(list = name, package = package, envir = space)
  as.data.frame(get(ls(space)[1], space))
}

# A table whose targets are numbers: they are the last columns, as they come. Rows without a target are left out.
write_targets <- function(name, package, make) {
  if (!requireNamespace(package, quietly = TRUE)) {
    cat("skipped", name, ": R's package", package, "isn't installed\n")
    return(invisible())
  }
  t <- make()
  keep <- stats::complete.cases(t$y)
  x <- encode(as.data.frame(t$x)[keep, , drop = FALSE])
  y <- as.data.frame(lapply(t$y[keep, , drop = FALSE], as.numeric))
  names(x) <- gsub('[",\n]', " ", names(x))
  names(y) <- paste0("target:", names(y))
  write.csv(cbind(x, y), file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  cat("wrote", name, nrow(x), "rows", ncol(x), "features", ncol(y), "targets\n")
}

# All columns but the targets and those named, of one data set.
numeric_targets <- function(name, package, targets, drop = c(), set = name) {
  write_targets(tolower(name), package, function() {
    d <- from(set, package)
    list(x = d[, !(names(d) %in% c(targets, drop)), drop = FALSE], y = d[, targets, drop = FALSE])
  })
}

# All columns but the label and those named, of one data set.
plain <- function(name, package, label, drop = c(), set = name) {
  write_table(tolower(name), package, function() {
    d <- from(set, package)
    list(x = d[, !(names(d) %in% c(label, drop)), drop = FALSE], y = d[[label]])
  })
}

# A table of counts, one row for each case.
expanded <- function(name, label) {
  write_table(tolower(name), "datasets", function() {
    d <- as.data.frame(from(name, "datasets"))
    d <- d[rep(seq_len(nrow(d)), d$Freq), names(d) != "Freq"]
    list(x = d[, names(d) != label, drop = FALSE], y = d[[label]])
  })
}

plain("BreastCancer", "mlbench", "Class", "Id")
plain("DNA", "mlbench", "Class")
plain("Glass", "mlbench", "Type")
plain("HouseVotes84", "mlbench", "Class")
plain("Ionosphere", "mlbench", "Class")
plain("LetterRecognition", "mlbench", "lettr")
plain("PimaIndiansDiabetes2", "mlbench", "diabetes")
plain("Satellite", "mlbench", "classes")
plain("Shuttle", "mlbench", "Class")
plain("Sonar", "mlbench", "Class")
plain("Soybean", "mlbench", "Class")
plain("Vehicle", "mlbench", "Class")
plain("Vowel", "mlbench", "Class")
plain("Zoo", "mlbench", "type")
plain("iris", "datasets", "Species")
plain("infert", "datasets", "case", c("stratum", "pooled.stratum"))
expanded("Titanic", "Survived")
expanded("HairEyeColor", "Eye")
plain("birthwt", "MASS", "low", "bwt")
write_table("crabs", "MASS", function() {
  d <- from("crabs", "MASS")
  list(x = d[, c("FL", "RW", "CL", "CW", "BD")], y = interaction(d$sp, d$sex))
})
write_table("synth", "MASS", function() {
  d <- rbind(from("synth.tr", "MASS"), from("synth.te", "MASS"))
  list(x = d[, c("xs", "ys")], y = d$yc)
})
plain("spam", "kernlab", "type")
plain("musk", "kernlab", "Class")
plain("penguins", "palmerpenguins", "species")
plain("attrition", "modeldata", "Attrition")
plain("mlc_churn", "modeldata", "churn")
plain("credit_data", "modeldata", "Status")
plain("cells", "modeldata", "class", "case")

# Numeric targets, for the command family.
numeric_targets("BostonHousing", "mlbench", "medv")
numeric_targets("Ozone", "mlbench", "V4")
numeric_targets("Servo", "mlbench", "Class")
numeric_targets("airquality", "datasets", "Ozone")
numeric_targets("faithful", "datasets", "eruptions")
numeric_targets("mtcars", "datasets", "mpg")
numeric_targets("cpus", "MASS", "perf", c("name", "estperf"))
numeric_targets("concrete", "modeldata", "compressive_strength")
numeric_targets("Sacramento", "modeldata", "price", "zip")
numeric_targets("meats", "modeldata", c("water", "fat", "protein"))
numeric_targets("InsectSprays", "datasets", "count")
numeric_targets("warpbreaks", "datasets", "breaks")
numeric_targets("quine", "MASS", "Days")

# What a person works as, each a label of its own: all columns from Data_scientist on.
write_targets("stackoverflow", "modeldata", function() {
  d <- from("stackoverflow", "modeldata")
  first <- which(names(d) == "Data_scientist")
  list(x = d[, seq_len(first - 1)], y = d[, first:ncol(d)])
})
numeric_targets("zootraits", "mlbench", c("airborne", "aquatic", "predator", "venomous", "domestic", "catsize"), "type", "Zoo")
