using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Surveys;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Dataset;

/// <summary>What a look at every image of a data set shows; the instructor takes the set out of use here.</summary>
public sealed partial class SurveyPage(
    DatasetStore store, DatasetService desk, DatasetSurveys surveys, Audit audit, ViewerAccessor viewers, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private Datasets.Dataset? _set;
    private SurveyInTheMaking? _making;
    private IReadOnlyList<string> _licences = [];
    private long _bytes;
    private Viewer? _viewer;
    private bool _retired;
    private string? _problem;
    private string? _refused;

    /// <summary>Which data set.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    private TimeProvider Clock => clock;

    protected override async Task OnParametersSetAsync()
    {
        if (_set?.Manifest.Name == Name) return;

        (_set, _making, _problem, _refused) = (null, null, null, null);
        _viewer = await viewers.GetAsync();
        if (await desk.FindAsync(Name, _viewer) is null)
        {
            navigation.NotFound();
            return;
        }
        try
        {
            _set = store.Open(Name);
        }
        catch (InvalidDataException exception)
        {
            _problem = exception.Message;
            return;
        }
        (_bytes, _retired) = (store.SizeOf(Name), store.IsRetired(Name));
        _licences = [.. SplitNames.All.Where(_set.Has).SelectMany(split => _set[split].AttributeOfAll(AttributeNames.Licence)).OfType<string>().Distinct().Order().Take(6)];
        _making = surveys.Of(_set);
        if (!_making.Survey.IsCompleted) _ = WatchAsync(_making);
    }

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }

    private async Task WatchAsync(SurveyInTheMaking making)
    {
        try
        {
            while (making == _making && !making.Survey.IsCompleted)
            {
                await Task.WhenAny(making.Survey, Task.Delay(TimeSpan.FromMilliseconds(300), clock, _leave.Token));
                _leave.Token.ThrowIfCancellationRequested();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has left.
        }
    }

    private async Task RetireAsync()
    {
        try
        {
            store.Retire(Name, !_retired);
            (_retired, _refused) = (!_retired, null);
            await audit.RecordAsync(_viewer!, AuditKind.DataRetired, $"data set {Name}", detail: _retired ? "" : "offered again");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _refused = exception.Message;
        }
    }
}
