using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>One course: its dates, its sections with their codes, and what its runs take on the disk.</summary>
public sealed partial class CoursePage(CourseStore courses, PurgeStore purges, ViewerAccessor viewers, NavigationManager navigation, IJSRuntime js) : IDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private Course? _course;
    private IReadOnlyDictionary<int, int> _students = new Dictionary<int, int>();
    private CourseHoldings? _holdings;
    private string? _refused;
    private string _newSection = "";
    private bool _isRead;

    [Parameter, EditorRequired]
    public int CourseId { get; set; }

    private string KeptSection => $"new-section:{CourseId}";

    private DateOnly Today => courses.Today;

    private int Students(Course course) => course.Sections.Sum(section => _students.GetValueOrDefault(section.Id));

    protected override async Task OnParametersSetAsync()
    {
        _holdings = null;
        await ReadAsync();
        if (_course is null) return;

        // After the page, for a large course takes seconds.
        StateHasChanged();
        try { _holdings = await purges.HoldingsAsync(CourseId, _leave.Token); }
        catch (OperationCanceledException) when (_leave.IsCancellationRequested) { }
    }

    private async Task ReadAsync()
    {
        _students = await purges.StudentsBySectionAsync(_leave.Token);
        _course = (await courses.ListAsync(_leave.Token)).FirstOrDefault(course => course.Id == CourseId);
        _isRead = true;
    }

    private async Task ChangeAsync(CourseForm.Draft draft)
    {
        await courses.ChangeAsync(CourseId, draft.Name, draft.FirstDay, draft.LastDay, await viewers.GetAsync());
        await ReadAsync();
        StateHasChanged();
    }

    private async Task ChooseAsync(IReadOnlyList<string>? names)
    {
        await courses.ChooseDatasetsAsync(CourseId, names, await viewers.GetAsync());
        await ReadAsync();
        StateHasChanged();
    }

    private async Task TryAsync(Func<Viewer, Task> change)
    {
        _refused = null;
        try { await change(await viewers.GetAsync()); }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
        await ReadAsync();
        StateHasChanged();
    }

    private Task AddAsync() => TryAsync(async viewer =>
    {
        await courses.AddSectionAsync(CourseId, _newSection, viewer);
        _newSection = "";
        await js.ForgetTextAsync(KeptSection);
    });

    private async Task RemoveAsync()
    {
        await TryAsync(viewer => courses.RemoveAsync(CourseId, viewer));
        if (_refused is null) navigation.NavigateTo("/courses");
    }

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }
}
