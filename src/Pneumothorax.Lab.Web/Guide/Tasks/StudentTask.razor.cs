using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Guide.Tasks;

/// <summary>A task, hung in the margin by its ring: put, answered, checked at once. A hint after the first miss, the answer explained after the third.</summary>
public sealed partial class StudentTask(
    TaskService desk, CourseProgress progress, CurrentModel current, DatasetPreparation preparation, ChapterLibrary library, ViewerAccessor viewers, IJSRuntime js) : IDisposable
{
    private LabTask _task = default!;
    private Viewer _viewer = default!;
    private TaskSheet? _sheet;
    private string? _waits;
    private TaskStanding? _standing;
    private Verdict? _verdict;
    private string[] _typed = [];
    private bool _loaded;
    private bool _checking;
    private TaskField? _empty;      // was not filled in when an answer was sent
    private string? _refusal;
    private string? _restoredFor;   // the sheet for which the browser was asked what had been typed
    private bool _sheetIsNew;       // solved about another model or data set than the present one

    /// <summary>Which of <see cref="LabTasks.All"/>.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    private string Anchor => $"task-{Name}";

    /// <summary>Under which the browser keeps what is typed and not solved yet (js/kept.js).</summary>
    private string KeptAs => $"task:{Name}";

    private string Label => CourseOutline.TasksOf(library.Chapters).FirstOrDefault(item => item.Name == Name)?.Label ?? "Task";

    private bool Solved => _standing?.IsSolved == true;

    // A choice was kept by its letter; the list shows what the letter stands for.
    private string GivenText => string.Join("; ", _standing!.LastAnswer.Split(" | ").Select((answer, place) =>
        !_sheetIsNew && _sheet?.Fields.ElementAtOrDefault(place)?.Options?.FirstOrDefault(option => option.Value == answer) is { } option ? option.Title : answer));

    private int Misses => _standing?.Misses ?? 0;

    private IReadOnlyList<TaskPicture> Shown => [.. _sheetIsNew ? [] : _sheet?.Pictures ?? [], .. _verdict?.Pictures ?? []];

    protected override async Task OnInitializedAsync()
    {
        _task = LabTasks.Find(Name) ?? throw new ArgumentException($"There is no task \"{Name}\".");
        current.Changed += PutAgain;
        preparation.Changed += PutIfWaiting;
        progress.Changed += Redraw;
        _viewer = await viewers.GetAsync();
        await progress.EnsureLoadedAsync();
        _standing = progress.Standings.GetValueOrDefault(Name);
        await PutAsync();
        _loaded = true;
    }

    public void Dispose()
    {
        current.Changed -= PutAgain;
        preparation.Changed -= PutIfWaiting;
        progress.Changed -= Redraw;
    }

    private async Task PutAsync()
    {
        var before = _sheet;
        (_sheet, _waits) = await desk.PutAsync(_task, _viewer);
        // The same again: news of the images and of the model come more than once, and somebody may be typing.
        if (before is not null && (before.About, before.Ask) == (_sheet?.About, _sheet?.Ask)) return;
        _typed = [.. (_sheet?.Fields ?? []).Select(_ => "")];
        (_verdict, _empty) = (null, null);
        _sheetIsNew = Solved && _sheet is not null && _standing!.LastAbout != _sheet.About;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_loaded || Solved || _sheet is not { Fields.Count: > 0 } sheet || _restoredFor == sheet.About) return;
        _restoredFor = sheet.About;
        try
        {
            if (await js.InvokeAsync<string?[]?>("lab.keptFields", KeptAs, sheet.About) is not { } kept || _sheet?.About != sheet.About) return;
            for (var i = 0; i < Math.Min(kept.Length, _typed.Length); i++)
            {
                if (_typed[i].Length == 0) _typed[i] = kept[i] ?? "";
            }
            StateHasChanged();
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is closed: nobody types.
        }
    }

    private async Task CheckAsync()
    {
        if (_checking || _sheet is not { } sheet || _viewer.MemberId is not { } memberId) return;
        // An answer that is not complete is no try.
        _empty = AnswerText.FirstEmpty(sheet.Fields, _typed);
        if (_empty is not null) return;
        (_checking, _refusal) = (true, null);
        try { (_verdict, _standing) = await desk.AnswerAsync(_task, sheet, _typed, memberId); }
        catch (RequestRefusedException refusal) { _refusal = refusal.Message; }
        finally { _checking = false; }
        if (!Solved) return;
        try { await js.InvokeVoidAsync("lab.keep", KeptAs, null); }
        catch (Exception exception) when (PageGone.Explains(exception)) { }
    }

    private void PutAgain() => _ = InvokeAsync(async () =>
    {
        await PutAsync();
        StateHasChanged();
    });

    private void PutIfWaiting()
    {
        if (_waits is not null) PutAgain();
    }

    // Another window of the same student may have solved it.
    private void Redraw() => _ = InvokeAsync(() =>
    {
        _standing = progress.Standings.GetValueOrDefault(Name);
        StateHasChanged();
    });
}
