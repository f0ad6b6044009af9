using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Takeaway;

/// <summary>What a student takes home of a run: a notebook that recomputes its figures, alone or with everything that it reads.</summary>
internal static class TakeawayApi
{
    public static RouteGroupBuilder MapTakeaway(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs/{id:int}").WithTags("Evaluation");
        runs.MapGet("/notebook.ipynb", NotebookAsync).WithSummary("A Jupyter notebook that recomputes AUROC and maps from the evaluation.h5 beside it.")
            .Produces(StatusCodes.Status200OK, contentType: RunPackage.NotebookType).ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapGet("/takeaway.zip", PackageAsync).WithSummary("The notebook with evaluation.h5, figures, points, settings and a few X-rays.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<IResult> NotebookAsync(int id, SignedInViewer by, RunStore store, RunPackage package, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, by.Viewer, cancellationToken);
        return package.NotebookPath is { } path
            ? Results.File(path, RunPackage.NotebookType, $"run-{run.Id}.ipynb")
            : Api.NotFound("The notebook is missing from this portal's content folder (notebooks/evaluation.ipynb).");
    }

    private static async Task<IResult> PackageAsync(int id, SignedInViewer by, RunStore store, RunPackage package, CancellationToken cancellationToken) =>
        Results.Stream(await package.PackAsync(await store.GetAsync(id, by.Viewer, cancellationToken), cancellationToken), "application/zip", $"run-{id}.zip");
}
