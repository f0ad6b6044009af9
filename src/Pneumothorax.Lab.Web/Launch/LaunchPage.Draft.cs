using Microsoft.JSInterop;
using Pneumothorax.Lab.Runs.Launch;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Launch;

/// <summary>What is set and not sent yet is kept in the browser, and comes back after a reload or a look elsewhere.</summary>
public sealed partial class LaunchPage
{
    private LaunchDraft? _kept;         // as the browser keeps it, or as it was drawn first
    private bool _isRestored;
    private bool _isAsked;              // the browser was asked: from now on text that it keeps can be typed again

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_form is not { } form) return;
        if (_kept is null)
        {
            _kept = LaunchDraft.Of(Start, form);
            if (await RestoreAsync() is { } draft && !draft.IsSameAs(_kept) && draft.Start == Start)
            {
                _form = FormFor(form.Source);
                draft.ApplyTo(_form, _offers);
                (_kept, _isRestored) = (LaunchDraft.Of(Start, _form), true);
                _form.TrainingImages = TrainingImagesOf(_form.Dataset);
            }
            _isAsked = true;
            StateHasChanged();
            return;
        }
        if (_starting || LaunchDraft.Of(Start, form).IsSameAs(_kept)) return;
        // Other settings are another request: only the very same one may be taken for a repetition.
        form.IdempotencyKey = LaunchForm.NewKey();
        _kept = LaunchDraft.Of(Start, form);
        await KeepAsync(_kept);
    }

    private string Start => $"{PresetName}|{From}|{Rate}";

    private async Task<LaunchDraft?> RestoreAsync()
    {
        try { return LaunchDraft.Read(await js.InvokeAsync<string?>("lab.kept", _leave.Token, LaunchDraft.Name)); }
        catch (Exception exception) when (PageGone.Explains(exception)) { return null; }
    }

    /// <param name="draft">Null to forget it.</param>
    private async Task KeepAsync(LaunchDraft? draft)
    {
        try { await js.InvokeVoidAsync("lab.keep", _leave.Token, LaunchDraft.Name, draft?.ToJson()); }
        catch (Exception exception) when (PageGone.Explains(exception)) { }
        if (draft is null) await js.ForgetTextAsync(LaunchDraft.TextName);
    }

    private async Task StartAfreshAsync()
    {
        _form = FormFor(_form!.Source, "");
        (_isRestored, _refused, _kept) = (false, null, LaunchDraft.Of(Start, _form));
        await KeepAsync(null);
    }
}
