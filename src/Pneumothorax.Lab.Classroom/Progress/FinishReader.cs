using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>The student's own run with the highest test AUROC.</summary>
/// <param name="Low">Of the 95 % interval; null where there are too few images for one.</param>
public sealed record BestRun(int RunId, double Auroc, double? Low, double? High, int Images, bool Synthetic);

/// <summary>What one student has done.</summary>
/// <param name="Items">Tasks and questions of the guide.</param>
/// <param name="Open">Those that are not done, in reading order.</param>
/// <param name="FirstTries">Tasks that were solved at the first try.</param>
/// <param name="Steps">Of all runs together.</param>
/// <param name="Evaluated">Own runs that were tested.</param>
/// <param name="FinishedAt">When the last task or question was done; only meaningful when nothing is open.</param>
public sealed record FinishSummary(
    string Name, int Items, int Tasks, IReadOnlyList<CourseItem> Open, int FirstTries, int Pins, int Runs, long Steps, int Evaluated, BestRun? Best, DateTimeOffset FinishedAt);

/// <summary>Sums up one student's work.</summary>
public sealed class FinishReader(ClassReader work, ChapterLibrary library, Evaluations evaluations, DatasetStore datasets)
{
    /// <returns>Null for a member who is gone.</returns>
    public async Task<FinishSummary?> ReadAsync(int memberId, CancellationToken cancellationToken = default)
    {
        if (await work.ReadOneAsync(memberId, cancellationToken) is not { } student) return null;

        IReadOnlyList<CourseItem> items = [.. CourseOutline.Of(library.Chapters).DistinctBy(item => item.Anchor)];
        var tested = student.Runs.Select(Tested).OfType<BestRun>().ToList();
        var pins = student.Pins.SelectMany(pins => pins).ToList();
        var finishedAt = student.Standings.Values.Select(standing => standing.SolvedAt ?? default)
            .Concat(student.Answers.Values.Select(answer => answer.UpdatedAt)).DefaultIfEmpty().Max();
        return new(
            student.Name, items.Count, items.Count(item => item is CourseTask), [.. items.Where(item => !student.HasDone(item))],
            items.OfType<CourseTask>().Count(task => student.HasDone(task) && student.TriesAt(task) == 1),
            pins.Count, student.Runs.Count, student.Runs.Sum(run => (long)run.Step), tested.Count, tested.MaxBy(run => run.Auroc), finishedAt.ToLocalTime());
    }

    private BestRun? Tested(Run run)
    {
        if (run.IsReference) return null;
        try
        {
            return evaluations.Find(run) is { Auroc: { Value: { } value } area } evaluation
                ? new(run.Id, value, area.Low, area.High, evaluation.File.Count, datasets.Find(run.Dataset)?.Synthetic == true)
                : null;
        }
        catch (InvalidDataException)
        {
            return null;        // its evaluation is damaged; the page of the run says so
        }
    }
}
