using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>The current model of the guide, opened: its evaluation read, its X-rays found.</summary>
public sealed class GuideModels(CurrentModel current, Evaluations evaluations, DatasetStore datasets, ViewerAccessor viewers)
{
    /// <summary>The reader has chosen another; raised on the dispatcher of the page that chose.</summary>
    public event Action? Changed
    {
        add => current.Changed += value;
        remove => current.Changed -= value;
    }

    /// <returns>Null while there is none: no reference run, and none of the reader's own restored.</returns>
    /// <exception cref="InvalidDataException">Its evaluation is damaged; the message names the file.</exception>
    public async Task<GuideModel?> FindAsync(CancellationToken cancellationToken = default)
    {
        if (await current.FindAsync(await viewers.GetAsync(), cancellationToken) is not { } run) return null;
        // Reading tens of megabytes must not hold up the rest of the chapter.
        return await Task.Run(() => evaluations.Find(run), cancellationToken) is { } evaluation
            ? new(run, evaluation, EvaluatedImages.Find(datasets, evaluation.File))
            : null;
    }
}
