# Writes delong.json beside metrics.json: what pROC says of the difference of two areas on the same images, for every case there.
#
# Usage: Rscript tests/references/write_delong.R      (pROC 1.18; after write_metrics.py. The tests read the JSON and need no R.)
suppressMessages({ library(pROC); library(jsonlite) })

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
folder <- file.path(here, "..", "Pneumothorax.Lab.Evaluation.Tests", "Metrics")
cases <- fromJSON(file.path(folder, "metrics.json"), simplifyVector = TRUE, simplifyDataFrame = FALSE, simplifyMatrix = FALSE)

# Only the order counts, so ranks do: pROC takes the middle of neighbouring scores, which two that differ in the last bit do not have.
curve <- function(labels, scores) roc(labels, rank(scores), levels = c(0, 1), direction = "<", quiet = TRUE)

answer <- function(case) {
  first <- curve(case$labels, case$scores)
  second <- curve(case$labels, case$others)
  found <- list(name = case$name, difference = as.numeric(auc(second)) - as.numeric(auc(first)), interval = NULL, p = NULL)
  if (min(sum(case$labels), sum(1 - case$labels)) < 2) return(found)          # no variance

  variance <- suppressWarnings(var(first) + var(second) - 2 * cov(first, second))
  if (variance < 1e-12) return(found)          # every image says the same of the difference

  test <- roc.test(second, first, method = "delong", paired = TRUE)
  found$interval <- pmin(1, pmax(-1, as.numeric(test$conf.int)))
  found$p <- test$p.value
  found
}

lines <- vapply(cases, function(case) as.character(toJSON(answer(case), auto_unbox = TRUE, digits = I(16), null = "null")), "")
writeLines(c("[", paste0(lines, c(rep(",", length(lines) - 1), "")), "]"), file.path(folder, "delong.json"))
