using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Classroom;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Explanation;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>Finds the model that the guide shows to its reader.</summary>
public sealed class GuideModels(RunStore runs, Evaluations evaluations, DatasetStore datasets, ViewerAccessor viewers)
{
    /// <returns>Null while there is none: no reference run, and none of the reader's own chosen.</returns>
    /// <exception cref="InvalidDataException">Its evaluation is damaged; the message names the file.</exception>
    public async Task<GuideModel?> FindAsync()
    {
        var visible = await runs.ListAsync(await viewers.GetAsync());
        if (visible.FirstOrDefault(run => run.IsReference) is not { } run) return null;
        // Reading tens of megabytes must not hold up the rest of the chapter.
        return await Task.Run(() => evaluations.Find(run)) is { } evaluation
            ? new(run, evaluation, EvaluatedImages.Find(datasets, evaluation.File))
            : null;
    }
}
