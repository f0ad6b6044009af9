# Writes slices.json: for generated lists cut in two, the areas and their difference. Slice and rest with negatives of their own come from
# pROC (two unpaired curves: the variances add). With shared negatives pROC has no such test, so DeLong's components are spelled out pair by
# pair, from the definition, over an outer product.
#
# Usage: Rscript tests/references/write_slices.R      (pROC 1.18. The tests read the JSON and need no R.)
suppressMessages({ library(pROC); library(jsonlite) })

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
folder <- file.path(here, "..", "Pneumothorax.Lab.Evaluation.Tests", "Slices")
set.seed(20)
least <- 5

area <- function(labels, scores) {
  if (min(sum(labels), sum(1 - labels)) < least) return(NULL)
  curve <- roc(labels, rank(scores), levels = c(0, 1), direction = "<", quiet = TRUE)
  list(value = as.numeric(auc(curve)), variance = suppressWarnings(var(curve)))
}

difference <- function(d, variance) {
  if (variance < 1e-14) return(list(value = d, interval = NULL, p = NULL))
  reach <- qnorm(0.975) * sqrt(variance)
  list(value = d, interval = pmin(1, pmax(-1, d + c(-1, 1) * reach)), p = 2 * pnorm(-abs(d) / sqrt(variance)))
}

apart <- function(labels, scores, inside) {
  slice <- area(labels[inside], scores[inside]); rest <- area(labels[!inside], scores[!inside])
  found <- NULL
  if (!is.null(slice) && !is.null(rest)) found <- difference(slice$value - rest$value, slice$variance + rest$variance)
  list(slice = slice$value, rest = rest$value, difference = found)
}

shared <- function(labels, scores, inside) {
  psi <- function(x, y) outer(x, y, function(a, b) (a > b) + 0.5 * (a == b))
  negatives <- scores[labels == 0]
  kernels <- lapply(list(inside, !inside), function(part) psi(scores[labels == 1 & part], negatives))
  areas <- lapply(kernels, function(k) if (min(dim(k)) < least) NULL else mean(k))
  found <- NULL
  if (!is.null(areas[[1]]) && !is.null(areas[[2]])) {
    variance <- sum(sapply(kernels, function(k) var(rowMeans(k)) / nrow(k))) + var(colMeans(kernels[[1]]) - colMeans(kernels[[2]])) / length(negatives)
    found <- difference(areas[[1]] - areas[[2]], variance)
  }
  list(slice = areas[[1]], rest = areas[[2]], difference = found)
}

case <- function(i) {
  n <- sample(c(12, 25, 60, 150), 1)
  labels <- rbinom(n, 1, runif(1, 0.15, 0.7))
  inside <- runif(n) < runif(1, 0.1, 0.9)
  levels <- sample(c(4, 20, 1000), 1)
  scores <- round(levels * plogis(rnorm(n) + labels * runif(1, 0, 3) * ifelse(inside, 1, runif(1, 0, 1)))) / levels
  list(name = paste("generated", i), labels = labels, scores = scores, inside = as.integer(inside), own = apart(labels, scores, inside), all = shared(labels, scores, inside))
}

lines <- vapply(1:200, function(i) as.character(toJSON(case(i), auto_unbox = TRUE, digits = I(16), null = "null")), "")
writeLines(c("[", paste0(lines, c(rep(",", length(lines) - 1), "")), "]"), file.path(folder, "slices.json"))
