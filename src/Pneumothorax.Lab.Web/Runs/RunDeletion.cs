using MudBlazor;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Runs;

/// <summary>Asks before a run is deleted, naming what goes with it.</summary>
public static class RunDeletion
{
    public static Task<bool> ConfirmAsync(IDialogService dialogs, RunStore store, Run run) => ConfirmDialog.AskAsync(
        dialogs, $"Delete run {run.Id}?", $"Its {DisplayText.Count(run.Step, "step")} and {DisplayText.Bytes(store.FolderOf(run).Size())} will be deleted with it.", "Delete run", "Keep it");
}
