using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;
using Pneumothorax.Lab.Web.SignIn;

namespace Pneumothorax.Lab.Web.Class;

/// <summary>The whole class by chapter and task, live. The address keeps how it is sorted and who is looked for.</summary>
public sealed partial class ClassPage(
    ClassReader reader, ClassTicks ticks, CourseStore courses, ViewerAccessor viewers, NavigationManager navigation, PublicAddress address) : LiveComponentBase
{
    private ClassWork? _work;
    private ClassScope _scope = ClassScope.Everybody;
    private IReadOnlyList<StudentWork> _shown = [];
    private ClassSort _sort;
    private string? _name;
    private bool _isInstructor;
    private (int?, int?) _read;

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "course")]
    public int? CourseId { get; set; }

    [SupplyParameterFromQuery(Name = "section")]
    public int? SectionId { get; set; }

    private DateOnly Today => courses.Today;

    private string CsvAddress => _scope.Keep(ClassEndpoints.CsvAddress);

    private string JoinAddress => address.Shown(ClassroomServices.JoinPath, navigation);

    private string? Lead
    {
        get
        {
            if (_work is not { Students.Count: > 0 } work) return null;
            var here = work.Students.Count(work.IsHere);
            var stuck = work.Students.Where(student => work.StuckAt(student).Count > 0).ToList();
            var sentence = here == 0 ? $"None of {DisplayText.Count(work.Students.Count, "student")} is here now." : $"{DisplayText.Leading(here)} of {DisplayText.Count(work.Students.Count, "student")} {(here == 1 ? "is" : "are")} here.";
            if (stuck.Count == 0) return sentence + " Nobody is stuck.";

            sentence += $" {DisplayText.Leading(stuck.Count)} {(stuck.Count == 1 ? "is" : "are")} stuck";
            var (chapter, there) = stuck.SelectMany(student => work.StuckAt(student).Select(task => task.Chapter.Number).Distinct())
                .CountBy(number => number).MaxBy(count => count.Value);
            return there == stuck.Count ? $"{sentence} in chapter {chapter}."
                : there > 1 ? $"{sentence}, {DisplayText.Leading(there).ToLowerInvariant()} of them in chapter {chapter}."
                : sentence + ".";
        }
    }

    protected override void OnInitialized() => Follow(WatchAsync);

    protected override async Task OnParametersSetAsync()
    {
        _sort = Enum.TryParse<ClassSort>(Sort, ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : ClassSort.Name;
        // Only at first: while one types, the address comes back a letter late.
        _name ??= Name ?? "";
        Show();
        // Another section was chosen: not only at the next tick.
        if (_work is not null && _read != (CourseId, SectionId)) await ReadAsync(await viewers.GetAsync(), Leave);
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        var viewer = await viewers.GetAsync();
        _isInstructor = viewer.IsInstructor;
        await foreach (var _ in ticks.ReadAllAsync(leave))
        {
            await ReadAsync(viewer, leave);
            StateHasChanged();
        }
    }

    private async Task ReadAsync(Viewer viewer, CancellationToken leave)
    {
        var asked = (CourseId, SectionId);
        _scope = ClassScope.Of(await courses.ListAsync(leave), courses.Today, CourseId, SectionId);
        _work = await reader.ReadAsync(viewer, _scope, leave);
        _read = asked;
        Show();
    }

    private void Show() => _shown = _work?.Show(_sort, _name ?? "") ?? [];

    private void Find(string? name)
    {
        _name = name ?? "";
        Keep("name", _name.Length > 0 ? _name : null);
    }

    private void SortBy(string? sort) => Keep("sort", sort == nameof(ClassSort.Name) ? null : sort?.ToLowerInvariant());

    private void Keep(string name, string? value) => navigation.NavigateTo(navigation.GetUriWithQueryParameter(name, value), replace: true);
}
