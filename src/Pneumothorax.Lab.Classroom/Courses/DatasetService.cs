using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>Which data sets somebody sees: what their course offers, and what their runs were made with. Whoever teaches sees all.</summary>
public sealed class DatasetService(DatasetStore store, CourseDatasets courses)
{
    /// <returns>What new runs may use, by name.</returns>
    public async Task<IReadOnlyList<DatasetManifest>> OfferedAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        var limits = await courses.OfAsync(viewer, cancellationToken);
        return [.. store.Offered().Where(set => limits.Offers(set.Name))];
    }

    /// <returns>What the list of images shows, by name. What is retired only the instructor sees there, who may offer it again.</returns>
    public async Task<IReadOnlyList<DatasetManifest>> ListedAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        var limits = await courses.OfAsync(viewer, cancellationToken);
        return [.. (viewer.IsInstructor ? store.List() : store.Offered()).Where(set => limits.Lists(set.Name))];
    }

    /// <returns>Whatever they may open, also what is retired, by name.</returns>
    public async Task<IReadOnlyList<DatasetManifest>> OpenAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        var limits = await courses.OfAsync(viewer, cancellationToken);
        return [.. store.List().Where(set => limits.Opens(set.Name))];
    }

    /// <returns>Null where there is no such data set for them.</returns>
    public async Task<DatasetManifest?> FindAsync(string name, Viewer viewer, CancellationToken cancellationToken = default) =>
        store.Find(name) is { } set && (await courses.OfAsync(viewer, cancellationToken)).Opens(name) ? set : null;

    /// <returns>The class's: the first of those offered that holds real X-rays, else the first; null where none is.</returns>
    public async Task<DatasetManifest?> CurrentAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        var sets = await OfferedAsync(viewer, cancellationToken);
        return sets.OrderBy(set => set.Synthetic).FirstOrDefault();
    }
}
