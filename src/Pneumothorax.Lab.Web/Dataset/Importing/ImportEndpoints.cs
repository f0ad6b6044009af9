using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Dataset.Importing;

/// <summary>The report of an import, for those who teach. For everybody else there is nothing here.</summary>
internal static class ImportEndpoints
{
    public static string Report(string name) => $"/data/{name}/import-report.csv";

    public static void MapImports(this WebApplication app) =>
        app.MapGet("/data/{name}/import-report.csv", (string name, HttpContext context, DatasetStore store) =>
                context.User.ToViewer() is { IsStaff: true } && store.ImportReportOf(name) is { } path
                    ? Results.File(path, "text/csv; charset=utf-8", $"{name}-import-report.csv")
                    : Results.NotFound())
            .ExcludeFromDescription();
}
