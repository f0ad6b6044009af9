using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Puts tasks to members, about the data set and the current model of the moment, and keeps their attempts.</summary>
public sealed class TaskService(DatasetStore datasets, DatasetService images, CurrentModel current, Evaluations evaluations, AttemptStore attempts)
{
    /// <summary>After so many misses the way to the answer is shown.</summary>
    public const int ExplainedAfter = 3;

    /// <returns>The task, or in a sentence what it waits for.</returns>
    public async Task<(TaskSheet? Sheet, string? Waits)> PutAsync(LabTask task, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var dice = new Dice(viewer.MemberId ?? 0, task.Name);
        try
        {
            return task switch
            {
                FreeTask free => (free.Put(dice), null),
                DataTask data => await images.CurrentAsync(viewer, cancellationToken) is { } set
                    ? (data.Put(dice, datasets.Open(set.Name)), null)
                    : (null, "This task needs the first data set. The lab is drawing the phantoms; this takes about a minute."),
                // Reading an evaluation of tens of megabytes must not hold up the reader's other pages.
                ModelTask model => await current.FindAsync(viewer, cancellationToken) is { } run
                    ? (await Task.Run(() => Put(model, dice, run), cancellationToken), null)
                    : (null, "This task needs a trained model. Restore one in the chapter “Restore a model”, or finish a run of your own."),
                _ => throw new InvalidOperationException($"{task.Name} is of an unknown kind."),
            };
        }
        catch (InvalidDataException exception)
        {
            return (null, $"This task is not available: {exception.Message}");
        }
    }

    /// <summary>Checks an answer against what was put, and keeps the attempt.</summary>
    public async Task<(Verdict Verdict, TaskStanding Standing)> AnswerAsync(
        LabTask task, TaskSheet sheet, IReadOnlyList<string> typed, int memberId, CancellationToken cancellationToken = default)
    {
        var verdict = sheet.Check([.. sheet.Fields.Zip(typed, (field, answer) => AnswerText.Of(answer, field))]);
        var standing = await attempts.AddAsync(memberId, task.Name, string.Join(" | ", typed.Select(answer => answer.Trim())), sheet.About, verdict.IsCorrect, cancellationToken);
        return (verdict, standing);
    }

    private TaskSheet Put(ModelTask task, Dice dice, Run run)
    {
        var evaluation = evaluations.Find(run) ?? throw new InvalidDataException($"{EvaluatedRun.NameOf(run)} has lost its evaluation.");
        return task.Put(dice, new GuideModel(run, evaluation, EvaluatedImages.Find(datasets, evaluation.File)));
    }
}
